namespace Enclave.Architecture.Tests.Layers.Circles.Generics.Lower;

internal sealed class GenericKey;
