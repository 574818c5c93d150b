using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Printed text parses to the same tree, in both layouts.</summary>
public sealed class RoundTripTests
{
    private const int Depth = 4;

    [Fact]
    public void Random_programs_come_back()
    {
        int count = TestSize.Of(usual: 3_000, full: 100_000);
        for (int seed = 0; seed < count; seed++)
        {
            Program program = new RandomPrograms(new Random(seed)).Next(seed % Depth + 2);
            try
            {
                Cases.CheckRoundTrip(program);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"seed {seed}: {Printer.Print(program)}", error);
            }
        }
    }

    [Fact]
    public void Random_strings_come_back()
    {
        const string Units = "a1'\"\\\n\r\t\0\u0001\u007F\u0085\u2028\u2029\uFEFF\uD83D\uDE00é`${</";
        var random = new Random(1);
        for (int i = 0; i < TestSize.Of(usual: 5_000, full: 200_000); i++)
        {
            char[] value = [.. Enumerable.Range(0, random.Next(8)).Select((_) => Units[random.Next(Units.Length)])];

            CheckValue(Make.Text(new string(value)));
        }
    }

    [Fact]
    public void Random_numbers_come_back()
    {
        var random = new Random(1);
        for (int i = 0; i < TestSize.Of(usual: 20_000, full: 1_000_000); i++)
        {
            double value = Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64()));
            if (!double.IsNaN(value)) CheckValue(Make.Number(i % 2 == 0 ? value : Math.Round(random.NextDouble() * 1e6) / 1_000));
        }
    }

    [Fact]
    public void Programs_of_this_repository_come_back()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Enclave.Worker", "Bootstrap"), "*.js");

        Assert.NotEmpty(files);
        Assert.All(files, (file) => Cases.CheckRoundTrip(Cases.Parse(File.ReadAllText(file), SourceGoal.Script)));
    }

    [Fact]
    public void The_readable_layout_has_a_line_for_each_statement()
    {
        const string Source =
            "function f(a,{b}){if(a)return 1;else{for(const x of a)g(x,...b)}}var o={a,b:1,c(){}};switch(o){case 1:f();default:}label:do x++;while(a<b)";
        const string Expected =
            """
            function f(a, { b }) {
              if (a)
                return 1;
              else {
                for (const x of a)
                  g(x, ...b);
              }
            }
            var o = {
              a,
              b: 1,
              c() {}
            };
            switch (o) {
              case 1:
                f();
              default:
            }
            label: do
              x++;
            while (a < b);

            """;

        Assert.Equal(Expected, Printer.Print(Cases.Parse(Source, SourceGoal.Script), PrinterOptions.Readable));
    }

    private static void CheckValue(Expression value)
    {
        Program program = Make.Script(Make.Statement(new ArrayExpression(0, 0, [value])));

        Assert.Null(TreeComparison.Difference(program, Cases.Parse(Printer.Print(program), SourceGoal.Script)));
    }
}
