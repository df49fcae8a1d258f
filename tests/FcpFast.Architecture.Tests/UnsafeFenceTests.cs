using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>[STYLE 5]: the fence around unsafe code.</summary>
public sealed partial class UnsafeFenceTests
{
    private const string Fenced = "FcpFast.Interop";

    [Fact]
    public void AllowUnsafeBlocks_OfSrc_IsSetInInteropOnly() => Rules.Holds(
        "AllowUnsafeBlocks is true in FcpFast.Interop only",
        from file in Repository.Projects("src")
        where file.Project != Fenced && Regex.IsMatch(file.Text, @"<AllowUnsafeBlocks>\s*true", RegexOptions.IgnoreCase)
        select file.Path);

    [Fact]
    public void Imports_OfSrc_AreLibraryImportsOfInterop()
    {
        Rules.Holds(
            "LibraryImport only, never DllImport",
            from file in Repository.Sources("src")
            where DllImport().IsMatch(file.Text)
            select file.Path);
        Rules.Holds(
            "LibraryImport stands in Interop.<Library>.<Area>.cs of FcpFast.Interop, internal and cdecl",
            from file in Repository.Sources("src")
            let imports = Regex.Count(file.Text, @"\[LibraryImport\(")
            where imports > 0
            where file.Project != Fenced || !Regex.IsMatch(file.Name, @"^Interop\.\w+\.\w+\.cs$")
                || imports != Regex.Count(file.Text, @"\[UnmanagedCallConv\(CallConvs = \[typeof\(CallConvCdecl\)\]\)\]")
                || imports != Regex.Count(file.Text, @"internal static (unsafe )?partial (?!class)")
            select file.Path);
    }

    [Fact]
    public void UnsafeCode_OfSrc_StandsInInteropWithItsReason() => Rules.Holds(
        "every unsafe member or block has // SAFETY: in it, and only Interop has any",
        from file in Repository.Sources("src")
        from member in UnsafeMembers(file.Lines)
        where file.Project != Fenced || !member.Text.Contains("// SAFETY:", StringComparison.Ordinal)
        select $"{file}:{member.Line}: {file.Lines[member.Line - 1].Trim()}");

    [Fact]
    public void UnsafeMembers_OfSamples_AreFoundWithTheirBodies()
    {
        string[] sample =
        [
            "class A", "{", "    public unsafe void Good()", "    {", "        // SAFETY: why", "        byte* p = null;", "    }", "",
            "    public void Bad()", "    {", "        unsafe", "        {", "            int* q = null;", "        }", "    }", "",
            "    internal static unsafe int One() => 1;", "",
            "    internal static unsafe partial int native(byte* p);", "}",
        ];
        (int Line, string Text)[] found = UnsafeMembers(sample).ToArray();
        Assert.Equal([3, 11, 17], found.Select(static member => member.Line));
        Assert.Equal([true, false, false], found.Select(static member => member.Text.Contains("// SAFETY:", StringComparison.Ordinal)));
    }

    /// <summary>Members and blocks marked unsafe that have a body, from their first line to the line that closes them. Types are not members.</summary>
    private static IEnumerable<(int Line, string Text)> UnsafeMembers(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            string code = Regex.Replace(lines[i], "//.*|\"[^\"]*\"", "");
            if (!UnsafeWord().IsMatch(code) || TypeOrImport().IsMatch(code)) continue;
            string indent = Regex.Match(lines[i], @"^\s*").Value;
            int end = i;
            while (end < lines.Length - 1 && !Closes(lines, i, end, indent)) end++;
            yield return (i + 1, string.Join('\n', lines[i..(end + 1)]));
        }
    }

    private static bool Closes(string[] lines, int start, int at, string indent)
    {
        if (at > start && lines[at].TrimEnd() == indent + "}") return true;
        bool isOneStatement = lines[start..(at + 1)].All(static line => !line.TrimStart().StartsWith('{'));
        return isOneStatement && lines[at].TrimEnd().EndsWith(';'); // an expression body
    }

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"\b(class|struct|interface|record)\b|\bpartial\b.*\(")]
    private static partial Regex TypeOrImport();

    [GeneratedRegex(@"\[DllImport\(")]
    private static partial Regex DllImport();
}
