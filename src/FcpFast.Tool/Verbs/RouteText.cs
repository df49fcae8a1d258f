using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Verbs;

/// <summary>Routes as they are written: <c>z:work=alice&gt;bob,carol</c> one way, <c>z:work=alice&lt;&gt;bob</c> both ways.</summary>
internal static class RouteText
{
    public const string Syntax = "ZONE=NODE>NODE[,NODE…] or ZONE=NODE<>NODE";

    /// <summary>Reads one; null, and what is wrong, if it is none.</summary>
    public static IReadOnlyList<RelayRoute>? Parse(string text, out string fault)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal), arrow = text.IndexOf('>', StringComparison.Ordinal);
        fault = $"'{text}' is no route; give {Syntax}.";
        if (equals < 0 || arrow < equals) return null;
        FcpStatus status = ZoneId.Parse(text[..equals], out ZoneId zone);
        if (status != FcpStatus.Accepted)
        {
            fault = $"'{text[..equals]}' is no zone: {FcpStatusNames.NameOf(status)}.";
            return null;
        }

        bool goesBack = text[arrow - 1] == '<';
        List<NodeId>? from = ParseNodes(text[(equals + 1)..(goesBack ? arrow - 1 : arrow)], ref fault), to = ParseNodes(text[(arrow + 1)..], ref fault);
        if (from is not { Count: 1 } || to is null || to.Contains(from[0])) return null;
        var routes = new List<RelayRoute> { new(zone, from[0], to) };
        if (goesBack) routes.AddRange(to.Select(node => new RelayRoute(zone, node, [from[0]])));
        return routes;
    }

    /// <summary>Puts routes of one zone from one peer together.</summary>
    public static IReadOnlyList<RelayRoute> Merge(IEnumerable<RelayRoute> routes) =>
        [.. routes.GroupBy(static route => (route.Zone, route.From))
            .Select(static group => new RelayRoute(group.Key.Zone, group.Key.From, [.. group.SelectMany(static route => route.To).Distinct()]))];

    private static List<NodeId>? ParseNodes(string text, ref string fault)
    {
        var nodes = new List<NodeId>();
        foreach (string name in text.Split(','))
        {
            FcpStatus status = NodeId.Parse(name, out NodeId node);
            if (status != FcpStatus.Accepted)
            {
                fault = $"'{name}' is no node: {FcpStatusNames.NameOf(status)}.";
                return null;
            }

            nodes.Add(node);
        }

        return nodes;
    }
}
