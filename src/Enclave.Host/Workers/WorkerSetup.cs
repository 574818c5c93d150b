namespace Enclave.Workers;

/// <summary>What the workers of one pool are prepared for. Workers of equal setups come from one nursery.</summary>
/// <param name="MaxFrameBytes">The largest body of a frame, in bytes.</param>
/// <param name="HeapLimit">The heap of their isolate, in bytes.</param>
/// <param name="RemovedGlobals">Globals that no script finds.</param>
/// <param name="ClockStep">Steps of the script's clock, in milliseconds.</param>
/// <param name="StartTimeout">How long one may take to be ready.</param>
internal sealed record WorkerSetup(int MaxFrameBytes, long HeapLimit, IReadOnlyList<string> RemovedGlobals, int ClockStep, TimeSpan StartTimeout)
{
    /// <summary>The first message to one of them.</summary>
    /// <param name="nonce">Its nonce.</param>
    /// <param name="plan">What it gives up.</param>
    public Protocol.Messages.HelloMessage Hello(byte[] nonce, Protocol.Messages.WorkerLock plan) =>
        new(nonce, MaxFrameBytes, HeapLimit, 0, RemovedGlobals) { ClockStep = ClockStep, Lock = plan };
}
