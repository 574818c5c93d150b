namespace Enclave.Runtime.Connections;

/// <summary>A way by which brokers reach a runtime without opening a connection to it.</summary>
public interface IClientRoute
{
    /// <summary>Why no session can come this way now; null if sessions can come.</summary>
    string? Fault { get; }
}
