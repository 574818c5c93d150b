namespace Enclave.Architecture.Tests.Layers.Circles.Ring.Third;

internal sealed class RingThird
{
    public First.RingFirst? Next { get; init; }
}
