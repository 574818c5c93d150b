namespace Enclave.Schemas;

/// <summary>The use of a schema: members that only the other side may write are left out.</summary>
internal enum SchemaUse
{
    Request,
    Response,
}
