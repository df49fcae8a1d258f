using System;
using System.CommandLine;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast vectors check DIR…</c></summary>
internal static class VectorsVerb
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR") { Description = "Folders of vector files.", Arity = ArgumentArity.OneOrMore };
        var check = new Command("check", "Judges every vector file of a known family in these folders.") { folders };
        check.SetAction(parsed =>
        {
            var checker = new VectorChecker();
            foreach (string folder in parsed.GetValue(folders)!) checker.CheckFolder(folder);
            bool failed = false;
            foreach ((string name, VectorFamilyReport family) in checker.Report.Families)
            {
                Console.WriteLine($"{name,-20} passed {family.Passed,5}  failed {family.Failures.Count,4}  unknown ops: {string.Join(", ", family.Unknown)}");
                foreach ((string vector, string reason) in family.Failures) Console.WriteLine($"  {vector}: {reason}");
                failed |= family.Failures.Count > 0 || family.Unknown.Count > 0;
            }

            return failed ? ExitCodes.CheckFailed : ExitCodes.Done;
        });
        return new Command("vectors", "Checks this build against published and own vectors.") { check };
    }
}
