using Enclave.Architecture.Tests.Layers.Circles.Shapes.Lower;

namespace Enclave.Architecture.Tests.Layers.Circles.Shapes.Upper;

internal abstract class ShapeUpper : ShapeLower
{
    public abstract ShapeUpper Shape { get; }
}
