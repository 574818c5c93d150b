using System.Text.Json;
using Enclave.UpgradePeer;

// One part of a deployment in a process of its own, until SIGTERM. Each tells in one line of JSON where it listens:
//   broker SETTINGS    a broker: over queues, over runtimes, or with scripts that are acted
//   runtime SETTINGS   a runtime, of queues as well where there are some
// SETTINGS is JSON: PeerSettings.
return args switch
{
    ["broker", var text] => await BrokerPeer.RunAsync(JsonSerializer.Deserialize<PeerSettings>(text)!),
    ["runtime", var text] => await RuntimePeer.RunAsync(JsonSerializer.Deserialize<PeerSettings>(text)!),
    _ => throw new ArgumentException($"unknown mode: {string.Join(' ', args)}"),
};
