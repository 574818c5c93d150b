namespace Enclave.Architecture.UnitTests.Layers.Circles.Generics.Upper;

internal sealed class GenericUpper : IComparable<Lower.GenericKey>
{
    public int CompareTo(Lower.GenericKey? other) => 0;
}
