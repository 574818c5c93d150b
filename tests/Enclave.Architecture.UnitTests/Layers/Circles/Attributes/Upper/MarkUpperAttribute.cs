using Enclave.Architecture.UnitTests.Layers.Circles.Attributes.Lower;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Attributes.Upper;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class MarkUpperAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;

    public Type Lower { get; } = typeof(MarkedLower);
}
