using Enclave.Broker.PostgreSql.Statements;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests;

/// <summary>A database over a network proves who it is, unless the operator says otherwise.</summary>
public sealed class EncryptionDemandTests
{
    [Theory]
    [InlineData("Host=db", SslMode.VerifyFull)]
    [InlineData("Server=10.0.0.5;Port=5432", SslMode.VerifyFull)]
    [InlineData("Host=db:5433", SslMode.VerifyFull)]
    [InlineData("Host=[2001:db8::1]:5432", SslMode.VerifyFull)]
    [InlineData("Host=localhost,db", SslMode.VerifyFull)]
    [InlineData("Host=localhost.example", SslMode.VerifyFull)]
    [InlineData("Host=db;SSL Mode=Disable", SslMode.Disable)]
    [InlineData("Host=db;sslmode=require", SslMode.Require)]
    [InlineData("Host=db;Ssl Mode=Prefer", SslMode.Prefer)]
    [InlineData("Host=localhost", SslMode.Prefer)]
    [InlineData("Host=LOCALHOST:5433", SslMode.Prefer)]
    [InlineData("Host=127.0.0.1", SslMode.Prefer)]
    [InlineData("Host=127.0.0.2:5433", SslMode.Prefer)]
    [InlineData("Host=::1", SslMode.Prefer)]
    [InlineData("Host=/var/run/postgresql", SslMode.Prefer)]
    [InlineData("Host=@postgresql", SslMode.Prefer)]
    public void The_default_follows_the_place_of_the_server(string text, SslMode expected)
    {
        var connection = new NpgsqlConnectionStringBuilder(text);

        Encryption.Demand(connection, text);

        Assert.Equal(expected, connection.SslMode);
    }
}
