using Enclave.Architecture.UnitTests.Layers.Circles.Shapes.Lower;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Shapes.Upper;

internal abstract class ShapeUpper : ShapeLower
{
    public abstract ShapeUpper Shape { get; }
}
