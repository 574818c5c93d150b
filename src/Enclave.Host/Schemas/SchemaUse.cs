namespace Enclave.Schemas;

/// <summary>What a schema describes: members that only one side may write are left out of the other's.</summary>
internal enum SchemaUse
{
    Request,
    Response,
}
