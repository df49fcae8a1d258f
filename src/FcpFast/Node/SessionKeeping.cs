using System.Collections.Generic;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>Mode M1: sessions are kept over restarts.</summary>
/// <param name="Store">Where.</param>
/// <param name="Left">What the process before has left; the core takes the records over.</param>
/// <remarks>Source: [REPLAY §6.2] (D9).</remarks>
public sealed record SessionKeeping(ISessionStore Store, IReadOnlyList<SessionRecord> Left);
