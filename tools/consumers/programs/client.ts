// Launch both kinds of call and fetch their reports, with the generated TypeScript client.
import { ClickToCallApi, Configuration, IVRApi, ReportsApi } from './typescript-fetch/index';

const { BASE_URL, VOICE_USER, VOICE_PASSWORD } = process.env;
// fetch repeats nothing by itself.
const configuration = new Configuration({ basePath: BASE_URL, username: VOICE_USER, password: VOICE_PASSWORD });

async function main(): Promise<void> {
  const ivr = await new IVRApi(configuration).launchOutboundIvr({
    ivrLaunchRequest: {
      bulkId: 'typescript',
      messages: [{ scenarioId: 'S', destinations: [{ to: '999100000001' }] }],
    },
  });
  const click = await new ClickToCallApi(configuration).launchClickToCall({
    clickToCallLaunchRequest: {
      bulkId: 'typescript',
      messages: [{ from: '999100000002', destinationA: '999100000003', destinationB: '999100000004' }],
    },
  });
  const reports = await new ReportsApi(configuration).fetchReports({ bulkId: 'typescript' });
  const again = await new ReportsApi(configuration).fetchReports({ bulkId: 'typescript' });
  console.log(
    JSON.stringify({
      launched: [...ivr.messages, ...click.messages].map((entry) => entry.messageId),
      reports: reports.results.map((report) => report.messageId),
      again: again.results.length,
    }),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
