using Microsoft.AspNetCore.Http;

namespace Enclave.Cluster;

/// <summary>A request for a fault was refused.</summary>
internal sealed class FaultException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    public static FaultException NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    public static FaultException Wrong(string message) => new(StatusCodes.Status400BadRequest, message);
}
