namespace Enclave.Architecture.UnitTests.Layers.Circles.Ring.Second;

internal sealed class RingSecond
{
    public Third.RingThird? Next { get; init; }
}
