using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Enclave.Cli.Http;

/// <summary>Why a command cannot listen, in one line with the remedy.</summary>
internal static class PortFault
{
    /// <summary>Runs what listens.</summary>
    /// <param name="start">Begins to listen.</param>
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
            throw new IOException($"port {port} of {address} is taken by another process: end that one, or take another port with {option} (0 takes a free one).", fault);
        }
        catch (SocketException fault)
        {
            string remedy = fault.SocketErrorCode switch
            {
                SocketError.AccessDenied => $"ports below 1024 are the system's: take a higher one with {option}",
                SocketError.AddressNotAvailable => "it is no address of this machine: ip address shows those there are",
                _ => "enclave doctor shows what this machine offers",
            };
            throw new IOException($"cannot listen on port {port} of {address} ({fault.Message}): {remedy}.", fault);
        }
    }
}
