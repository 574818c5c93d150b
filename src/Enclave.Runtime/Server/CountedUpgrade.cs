using Enclave.Streaming.Channels;
using Microsoft.AspNetCore.Http.Features;

namespace Enclave.Runtime.Server;

/// <summary>An upgrade to a WebSocket whose pings and pongs are counted. .NET answers them itself, without an event.</summary>
internal sealed class CountedUpgrade(IHttpUpgradeFeature upgrade, int maxPerSecond) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new ControlFrameStream(
        await upgrade.UpgradeAsync().ConfigureAwait(false), maxPerSecond, isAfterHead: true, TimeProvider.System);
}
