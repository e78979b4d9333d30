<?php
// Launch both kinds of call and fetch their reports, with the generated PHP client.
spl_autoload_register(function (string $class): void {
    $file = getenv('CLIENT') . '/lib/' . str_replace('\\', '/', substr($class, strlen('OpenAPI\\Client\\'))) . '.php';
    if (str_starts_with($class, 'OpenAPI\\Client\\') && is_file($file)) {
        require $file;
    }
});
require 'GuzzleHttp/autoload.php';

use OpenAPI\Client\Api\ClickToCallApi;
use OpenAPI\Client\Api\IVRApi;
use OpenAPI\Client\Api\ReportsApi;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model\ClickToCallLaunchRequest;
use OpenAPI\Client\Model\ClickToCallMessage;
use OpenAPI\Client\Model\IvrDestination;
use OpenAPI\Client\Model\IvrLaunchRequest;
use OpenAPI\Client\Model\IvrMessage;

$configuration = (new Configuration())
    ->setHost(getenv('BASE_URL'))->setUsername(getenv('VOICE_USER'))->setPassword(getenv('VOICE_PASSWORD'));
// Guzzle repeats nothing by itself; a proxy of the environment is not for this machine.
$http = new GuzzleHttp\Client(['proxy' => '']);

$ivr = (new IVRApi($http, $configuration))->launchOutboundIvr(new IvrLaunchRequest([
    'bulk_id' => 'php',
    'messages' => [new IvrMessage([
        'scenario_id' => 'S', 'destinations' => [new IvrDestination(['to' => '999100000001'])],
    ])],
]));
$click = (new ClickToCallApi($http, $configuration))->launchClickToCall(new ClickToCallLaunchRequest([
    'bulk_id' => 'php',
    'messages' => [new ClickToCallMessage([
        'from' => '999100000002', 'destination_a' => '999100000003', 'destination_b' => '999100000004',
    ])],
]));
$reports = (new ReportsApi($http, $configuration))->fetchReports('php');
$again = (new ReportsApi($http, $configuration))->fetchReports('php');

$id = fn($entry) => $entry->getMessageId();
echo json_encode([
    'launched' => array_map($id, array_merge($ivr->getMessages(), $click->getMessages())),
    'reports' => array_map($id, $reports->getResults()),
    'again' => count($again->getResults()),
]), "\n";
