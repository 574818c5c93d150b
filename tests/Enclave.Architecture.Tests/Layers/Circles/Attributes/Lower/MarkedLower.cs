using Enclave.Architecture.Tests.Layers.Circles.Attributes.Upper;

namespace Enclave.Architecture.Tests.Layers.Circles.Attributes.Lower;

[MarkUpper(typeof(string))]
internal static class MarkedLower;
