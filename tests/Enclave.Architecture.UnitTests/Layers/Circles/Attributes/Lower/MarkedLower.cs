using Enclave.Architecture.UnitTests.Layers.Circles.Attributes.Upper;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Attributes.Lower;

[MarkUpper(typeof(string))]
internal static class MarkedLower;
