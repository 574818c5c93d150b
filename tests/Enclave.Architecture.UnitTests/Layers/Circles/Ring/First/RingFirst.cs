namespace Enclave.Architecture.UnitTests.Layers.Circles.Ring.First;

internal sealed class RingFirst
{
    public Second.RingSecond? Next { get; init; }
}
