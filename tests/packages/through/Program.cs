// Knows the package through a library only.
Console.WriteLine(await Library.Answers.AskAsync());
