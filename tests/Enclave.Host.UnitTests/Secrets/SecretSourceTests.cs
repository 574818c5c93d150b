using Microsoft.Extensions.Configuration;

namespace Enclave.Host.Tests.Secrets;

/// <summary>The ready-made sources of secrets.</summary>
public sealed class SecretSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("value", "value")]
    [InlineData("value\n", "value")]
    [InlineData("value\r\n\n", "value")]
    [InlineData(" two words \n", " two words ")]
    [InlineData("", "")]
    public async Task A_file_has_a_secret(string text, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "KEY"), text);

        Assert.Equal(expected, await Find(SecretSources.Folder(_folder), "KEY"));
    }

    [Fact]
    public async Task A_file_that_is_changed_is_another_secret_and_one_that_is_gone_is_none()
    {
        ISecretSource source = SecretSources.Folder(_folder);
        string file = Path.Combine(_folder, "KEY");

        Assert.Null(await Find(source, "KEY"));
        await File.WriteAllTextAsync(file, "one");
        Assert.Equal("one", await Find(source, "KEY"));
        await File.WriteAllTextAsync(file, "two");
        Assert.Equal("two", await Find(source, "KEY"));
        File.Delete(file);
        Assert.Null(await Find(source, "KEY"));
        Assert.Null(await Find(SecretSources.Folder(Path.Combine(_folder, "none")), "KEY"));
    }

    [Theory]
    [InlineData("../KEY")]
    [InlineData("sub/KEY")]
    [InlineData("..")]
    [InlineData("/etc/hostname")]
    [InlineData("KEY\0")]
    [InlineData("")]
    public async Task No_name_leads_out_of_the_folder(string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "inside", "sub"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "KEY"), "outside");
        await File.WriteAllTextAsync(Path.Combine(_folder, "inside", "sub", "KEY"), "deeper");

        Assert.Null(await Find(SecretSources.Folder(Path.Combine(_folder, "inside")), name));
    }

    [Fact]
    public async Task A_file_is_no_longer_than_a_secret_may_be()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "KEY"), new string('x', 65_536));
        Assert.Equal(65_536, (await Find(SecretSources.Folder(_folder), "KEY"))!.Length);

        // Stops reading a device without an end.
        File.CreateSymbolicLink(Path.Combine(_folder, "ZERO"), "/dev/zero");
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => Find(SecretSources.Folder(_folder), "ZERO"));
        Assert.Contains("larger than 65536 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_no_text_is_refused_without_its_bytes()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "KEY"), [0x41, 0xFF, 0x42]);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => Find(SecretSources.Folder(_folder), "KEY"));

        Assert.DoesNotContain("FF", fault.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_section_of_the_configuration_has_secrets()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Secrets:KEY", "value"), new("Other", "no")]).Build();
        ISecretSource source = SecretSources.Configuration(configuration.GetSection("Secrets"));

        Assert.Equal("value", await Find(source, "KEY"));
        Assert.Null(await Find(source, "Other"));
        configuration["Secrets:KEY"] = "another";
        Assert.Equal("another", await Find(source, "KEY"));
    }

    [Fact]
    public async Task Variables_with_a_prefix_are_secrets_and_others_are_not()
    {
        string prefix = $"ENCLAVE_TEST_{Guid.NewGuid():N}_";
        Environment.SetEnvironmentVariable(prefix + "KEY", "value");
        try
        {
            Assert.Equal("value", await Find(SecretSources.Environment(prefix), "KEY"));
            Assert.Null(await Find(SecretSources.Environment(prefix), "PATH"));
            Assert.Throws<ArgumentException>(() => SecretSources.Environment(""));
        }
        finally
        {
            Environment.SetEnvironmentVariable(prefix + "KEY", null);
        }
    }

    private static async Task<string?> Find(ISecretSource source, string name) => await source.FindAsync(name, null, CancellationToken.None);
}
