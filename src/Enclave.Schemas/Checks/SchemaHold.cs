namespace Enclave.Schemas.Checks;

/// <summary>The part of a schema that its check holds.</summary>
internal enum SchemaHold
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Types, members and choices. The rest comes from annotations of a C# type, which are checked after the binding, in their own words.</summary>
    Shape,
}
