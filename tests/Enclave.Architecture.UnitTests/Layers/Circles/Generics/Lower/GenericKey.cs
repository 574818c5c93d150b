namespace Enclave.Architecture.UnitTests.Layers.Circles.Generics.Lower;

internal sealed class GenericKey;
