using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Enclave.Cli.Http;

/// <summary>Explains in one line why a command cannot listen, with the remedy.</summary>
internal static class PortFault
{
    /// <summary>Awaits the start of a listener.</summary>
    /// <param name="start">The start.</param>
    /// <param name="option">The option that names the port.</param>
    /// <param name="port">The port.</param>
    /// <param name="address">The address, as the user wrote it.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task ExplainedAsync(Task start, string option, int port, string address)
    {
        try
        {
            await start.ConfigureAwait(false);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new IOException(
                $"port {port} of {address} is in use by another process: stop that process, or choose another port with {option} (0 for a free one).", fault);
        }
        catch (SocketException fault)
        {
            string remedy = fault.SocketErrorCode switch
            {
                SocketError.AccessDenied => $"ports below 1024 are reserved: choose a higher one with {option}",
                SocketError.AddressNotAvailable => "it is not an address of this machine: 'ip address' lists them",
                _ => "enclave doctor shows what this machine offers",
            };
            throw new IOException($"cannot listen on port {port} of {address} ({fault.Message}): {remedy}.", fault);
        }
    }
}
