using System.Text.Json;
using Enclave.UpgradePeer;

// One part of a deployment in a process of its own, until SIGTERM. Each writes its address as one line of JSON:
//   broker SETTINGS    a broker: over queues, over runtimes, or with simulated scripts
//   runtime SETTINGS   a runtime, also at queues if there are some
// SETTINGS is JSON: PeerSettings.
return args switch
{
    ["broker", var text] => await BrokerPeer.RunAsync(JsonSerializer.Deserialize<PeerSettings>(text)!),
    ["runtime", var text] => await RuntimePeer.RunAsync(JsonSerializer.Deserialize<PeerSettings>(text)!),
    _ => throw new ArgumentException($"unknown mode: {string.Join(' ', args)}"),
};
