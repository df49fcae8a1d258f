using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FcpFast.Native.Tests;

/// <summary><c>native/include/fcpfast.h</c> says what is exported, and nothing else.</summary>
public sealed partial class HeaderTests
{
    private static readonly string Header = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "native", "include", "fcpfast.h"));

    [Fact]
    public void Functions_OfTheHeader_AreTheExportsWithAsManyParameters()
    {
        Dictionary<string, int> declared = Function().Matches(Header).ToDictionary(
            static match => match.Groups["name"].Value,
            static match => match.Groups["parameters"].Value.Trim() == "void" ? 0 : match.Groups["parameters"].Value.Split(',').Length);
        Dictionary<string, int> exported = typeof(Exports).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(static method => (Method: method, Export: method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()))
            .Where(static one => one.Export is not null)
            .ToDictionary(static one => one.Export!.EntryPoint!, static one => one.Method.GetParameters().Length);
        Assert.NotEmpty(exported);
        Assert.Equal(exported.OrderBy(static one => one.Key, StringComparer.Ordinal), declared.OrderBy(static one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Results_OfTheHeader_AreThoseOfTheCode() => Assert.Equal(
        Enum.GetValues<FcpResult>().Select(static result => (Upper(result.ToString()), (int)result)),
        Result().Matches(Header[..Header.IndexOf("};", StringComparison.Ordinal)])
            .Select(static match => (match.Groups["name"].Value, int.Parse(match.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture))));

    [Theory]
    [InlineData("fcp_batch", typeof(BatchLayout))]
    [InlineData("fcp_peer", typeof(PeerLayout))]
    [InlineData("fcp_endpoint_options", typeof(EndpointOptionsLayout))]
    public void Structs_OfTheHeader_HaveTheFieldsOfTheCodeInTheirOrder(string name, Type layout)
    {
        int at = Header.IndexOf($"typedef struct {name} {{", StringComparison.Ordinal);
        string body = Header[at..Header.IndexOf('}', at)];
        string[] declared = [.. Field().Matches(body).Select(static match => match.Groups["name"].Value)];
        string[] coded = [.. layout.GetFields().OrderBy(static field => field.MetadataToken).Select(static field => Upper(field.Name)[4..].ToLowerInvariant())];
        Assert.Equal(coded, declared);
    }

    [Fact]
    public void Version_OfTheAssembly_IsOneThatCReads() => Assert.Matches(@"^\d+\.\d+\.\d+$", typeof(Exports).Assembly.GetName().Version!.ToString(3));

    private static string Upper(string name) => "FCP" + Word().Replace(name, static word => "_" + word.Value.ToUpperInvariant());

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^(?:fcp_result|const char \*)\s*(?<name>fcp_\w+)\(\s*(?<parameters>[^)]*)\);", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"(?<name>FCP_\w+) = (?<value>\d+)")]
    private static partial Regex Result();

    [GeneratedRegex(@"^\s+[\w ]+?[ *](?<name>\w+);", RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex("[A-Z][a-z]*")]
    private static partial Regex Word();
}
