using Enclave.Architecture.UnitTests.Layers.Circles.Shapes.Upper;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Shapes.Lower;

internal interface ShapeLower
{
    ShapeUpper Shape { get; }
}
