using Microsoft.AspNetCore.Http;

namespace Enclave.Cluster;

/// <summary>What was asked for is not to be had.</summary>
internal sealed class FaultException(int status, string message) : Exception(message)
{
    /// <summary>Of HTTP.</summary>
    public int Status => status;

    public static FaultException NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    public static FaultException Wrong(string message) => new(StatusCodes.Status400BadRequest, message);
}
