namespace Enclave.Architecture.Tests.Layers.Circles.Ring.Second;

internal sealed class RingSecond
{
    public Third.RingThird? Next { get; init; }
}
