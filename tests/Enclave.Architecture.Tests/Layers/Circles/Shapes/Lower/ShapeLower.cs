using Enclave.Architecture.Tests.Layers.Circles.Shapes.Upper;

namespace Enclave.Architecture.Tests.Layers.Circles.Shapes.Lower;

internal interface ShapeLower
{
    ShapeUpper Shape { get; }
}
