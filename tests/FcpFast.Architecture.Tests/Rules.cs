using System.Collections.Generic;
using System.Linq;

namespace FcpFast.Architecture.Tests;

/// <summary>Collects what breaks a rule, so that a failure lists all of it with the rule.</summary>
internal static class Rules
{
    public static void Holds(string rule, IEnumerable<string> broken)
    {
        string[] all = broken.ToArray();
        Assert.True(all.Length == 0, $"{rule}\n  {string.Join("\n  ", all)}");
    }
}
