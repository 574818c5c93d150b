namespace Enclave.Architecture.Tests.Layers.Circles.Ring.First;

internal sealed class RingFirst
{
    public Second.RingSecond? Next { get; init; }
}
