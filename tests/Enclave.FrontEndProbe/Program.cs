using System.Globalization;
using Enclave.FrontEndProbe;

// A separate process: a front end that runs out of stack ends this process and not the tests.
int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);
switch (args)
{
    case ["bombs", _, _, _, _]: Bombs.Run(Number(1), Number(2), Number(3), Number(4)); return 0;
    case ["growth", _, _, _]: Bombs.Growth(Number(1), Number(2), Number(3)); return 0;
    case ["examine", _, var level, _, _, _, _]: Examination.Run(Number(1), level, Number(3), Number(4), Number(5), Number(6)); return 0;
    default:
        Console.Error.WriteLine("bombs SEED FROM TO LONGEST, or growth FROM SHORTEST DOUBLINGS, or examine FROM LEVEL LONGEST RATIO EVERY ROUNDS");
        return 2;
}
