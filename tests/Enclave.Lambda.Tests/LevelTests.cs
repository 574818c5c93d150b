using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Lambda.Tests;

/// <summary>The level of the function, set by an environment variable.</summary>
public sealed class LevelTests
{
    [Theory]
    [InlineData(null, SecurityLevel.Secure)]
    [InlineData("", SecurityLevel.Secure)]
    [InlineData("strict", SecurityLevel.Strict)]
    [InlineData("STANDARD", SecurityLevel.Standard)]
    public void A_level_is_its_name(string? text, SecurityLevel level) => Assert.Equal(level, FunctionLevel.Read(text));

    [Theory]
    [InlineData("safe")]
    [InlineData("0")]
    [InlineData("strict ")]
    public void Another_word_is_refused_with_the_names(string text)
    {
        var fault = Assert.Throws<FormatException>(() => FunctionLevel.Read(text));

        Assert.Equal($"ENCLAVE_LEVEL is '{text}'; it has to be one of strict, secure, standard, permissive.", fault.Message);
    }

    [Fact]
    public async Task A_function_with_a_wrong_level_says_so_to_Lambda_and_ends()
    {
        await using FakeLambda lambda = await FakeLambda.StartAsync();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Enclave.Lambda")) { RedirectStandardError = true };
        (start.Environment["AWS_LAMBDA_RUNTIME_API"], start.Environment["ENCLAVE_LEVEL"]) = (lambda.Place, "safe");
        using Process function = Process.Start(start)!;

        FakeAnswer answer = await Within.Deadline(lambda.InitAsync(), "the word that it cannot start");
        string said = await function.StandardError.ReadToEndAsync();
        await Within.Deadline(function.WaitForExitAsync(), "the function's end");

        Assert.Equal(("error", "Enclave.Setting"), (answer.Kind, answer.ErrorType));
        Assert.Contains("ENCLAVE_LEVEL is 'safe'", said, StringComparison.Ordinal);
        Assert.Equal(2, function.ExitCode);
    }
}
