using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>The real TypeScript compiler, strict and without the libraries of browsers or node.</summary>
internal static class TypeScriptCompiler
{
    /// <summary>Checks each program against its declarations. One process checks all of them, so that the compiler's own library is read once.</summary>
    private const string Script =
        """
        const ts = require(process.argv[1]);
        const inputs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts'], types: [], skipDefaultLibCheck: true };
        const host = ts.createCompilerHost(options);
        const libraries = new Map();
        const read = host.getSourceFile;
        const answers = inputs.map(({ declarations, code }) => {
          const own = { '/environment.d.ts': declarations, '/script.ts': `async function script(): Promise<unknown> {\n${code}\n}\n` };
          const files = { ...host, fileExists: (name) => name in own || host.fileExists(name), readFile: (name) => own[name] ?? host.readFile(name) };
          files.getSourceFile = (name, version) => {
            if (name in own) return ts.createSourceFile(name, own[name], version);
            if (!libraries.has(name)) libraries.set(name, read.call(host, name, version));
            return libraries.get(name);
          };
          const program = ts.createProgram(Object.keys(own), options, files);
          return ts.getPreEmitDiagnostics(program).map((one) => `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`);
        });
        process.stdout.write(JSON.stringify(answers));
        """;

    private static readonly string s_node = Path.Combine(Repository.Root, "artifacts", "engine", "node");
    private static readonly string s_compiler = Path.Combine(
        Repository.Root, "artifacts", "npm", "javascript", "node_modules", "typescript", "lib", "typescript.js");

    /// <summary>The compiler's errors for each program; empty for a correct one.</summary>
    public static async Task<string[][]> Check(params (string Declarations, string Code)[] programs)
    {
        if (!File.Exists(s_compiler)) Assert.Skip($"{s_compiler} is not there: ./test.sh installs it");
        var start = new ProcessStartInfo(s_node, ["-e", Script, s_compiler])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process node = Process.Start(start)!;
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
            string input = JsonSerializer.Serialize(programs.Select((program) => new { declarations = program.Declarations, code = program.Code }));
            await Within.Deadline(node.StandardInput.WriteAsync(input), "reader of the input in node");
            node.StandardInput.Close();
            string printed = await Within.Deadline(output, "answer from the compiler");
            await Within.Deadline(node.WaitForExitAsync(), "end of the compiler");
            Assert.True(node.ExitCode == 0, await errors);
            return JsonSerializer.Deserialize<string[][]>(printed)!;
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }
}
