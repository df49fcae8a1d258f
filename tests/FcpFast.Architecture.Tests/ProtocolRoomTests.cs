using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>[STYLE 1]: inside Protocol each room uses only rooms to its left.</summary>
public sealed partial class ProtocolRoomTests
{
    private static readonly string[] Order =
        ["Diagnostics", "Crypto", "Ids", "Cbor", "Wire", "Keys", "Replay", "Session", "Admission", "Objects", "Batch"];

    private static readonly Repository.SourceFile[] Files = Repository.Sources("src/FcpFast.Protocol").ToArray();

    /// <summary>The types of each room, by their files.</summary>
    private static readonly Dictionary<string, HashSet<string>> TypesOfRoom = Files
        .GroupBy(static file => file.Room)
        .ToDictionary(static room => room.Key, static room => room.Select(static file => file.Name.Split('.')[0]).ToHashSet());

    [Fact]
    public void Rooms_OfProtocol_AreThoseOfTheOrder() => Rules.Holds(
        "Protocol's rooms are those of STYLE 1, and every file stands in one",
        Files.Where(static file => !Order.Contains(file.Room)).Select(static file => file.Path));

    [Fact]
    public void Namespaces_OfEveryFile_AreItsRoom() => Rules.Holds(
        "a file's namespace is its project and room",
        from file in Repository.Sources("src")
        where file.Project.Length > 0 && file.Lines.Any(static line => line.StartsWith("namespace ", StringComparison.Ordinal))
        let found = file.Lines.First(static line => line.StartsWith("namespace ", StringComparison.Ordinal))["namespace ".Length..].TrimEnd(';')
        let folder = Path.GetDirectoryName(file.Path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')
        where found != folder
        select $"{file}: {found}");

    [Fact]
    public void Usings_OfEveryRoom_PointToTheLeft() => Rules.Holds(
        "a room uses only rooms to its left",
        from file in Files
        from line in file.Lines
        let match = UsingLine().Match(line)
        where match.Success && IsToTheRight(file, match.Groups["room"].Value)
        select $"{file}: {line}");

    [Fact]
    public void QualifiedNames_OfEveryRoom_PointToTheLeft() => Rules.Holds(
        "a room names only types of rooms to its left, in comments, too",
        from file in Files
        from line in file.Lines
        from Match match in RoomAndType().Matches(line)
        let room = match.Groups["room"].Value
        where IsToTheRight(file, room) && TypesOfRoom.TryGetValue(room, out HashSet<string>? types) && types.Contains(match.Groups["type"].Value)
        select $"{file}: {match.Value}");

    [Fact]
    public void IsToTheRight_TheOrder_IsStrict()
    {
        var keys = new Repository.SourceFile("src/FcpFast.Protocol/Keys/A.cs");
        Assert.True(IsToTheRight(keys, "Replay"));
        Assert.False(IsToTheRight(keys, "Keys"));
        Assert.False(IsToTheRight(keys, "Wire"));
    }

    private static bool IsToTheRight(Repository.SourceFile file, string room) => Array.IndexOf(Order, room) > Array.IndexOf(Order, file.Room);

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?FcpFast\.Protocol\.(?<room>\w+)")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.])(FcpFast\.Protocol\.|Protocol\.)?(?<room>Diagnostics|Crypto|Ids|Cbor|Wire|Keys|Replay|Session|Admission|Objects|Batch)\.(?<type>[A-Z]\w*)")]
    private static partial Regex RoomAndType();
}
