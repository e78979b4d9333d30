// What openapi-typescript and hey-api make of the contract compiles, and says what it should.
import type { components } from './openapi-typescript';
import type { IvrLaunchRequest, VoiceReport } from './hey-api/types.gen';

type Report = components['schemas']['VoiceReport'];

export const launch: IvrLaunchRequest = {
  messages: [{ scenarioId: 'S', destinations: [{ to: '999100000001' }] }],
};
export const id = (report: Report): string => report.messageId ?? '';
export const same = (report: VoiceReport): Report => report;
