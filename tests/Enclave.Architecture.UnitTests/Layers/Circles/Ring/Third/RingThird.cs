namespace Enclave.Architecture.UnitTests.Layers.Circles.Ring.Third;

internal sealed class RingThird
{
    public First.RingFirst? Next { get; init; }
}
