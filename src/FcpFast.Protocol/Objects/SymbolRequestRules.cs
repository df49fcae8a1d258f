using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>What a request for symbols may ask, and what is sent for it.</summary>
/// <remarks>Source: [WIRE §16.5], [WIRE §16.6].</remarks>
public static class SymbolRequestRules
{
    /// <summary>Judges a request before admission.</summary>
    /// <param name="request">The request, parsed.</param>
    /// <param name="isAuthenticated">It came over a session and its signature verified as the peer's or an attested member's.</param>
    /// <param name="needsAuthentication">What the node's admission policy says.</param>
    /// <remarks>
    /// Errors: in this order <c>AuthenticationRequired</c>, <c>HintTooLarge</c>, <c>InvalidRequest</c> (a hint that does not rise or reaches
    ///         2^24, no symbols asked), <c>BoundsExceeded</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Check(scoped in SymbolRequest request, bool isAuthenticated, bool needsAuthentication)
    {
        if (needsAuthentication && !isAuthenticated) return FcpStatus.AuthenticationRequired;
        FcpStatus status = request.MissingHint.Check();
        if (status != FcpStatus.Accepted) return status;
        if (request.MaxSymbols == 0) return FcpStatus.InvalidRequest;
        return !isAuthenticated && request.MaxSymbols > ObjectLimits.ResponseSymbolsMaxUnauthenticated
            ? FcpStatus.BoundsExceeded
            : FcpStatus.Accepted;
    }

    /// <summary>The most symbols that are sent for a request that has passed <see cref="Check"/>.</summary>
    public static uint ResponseSymbolsMax(scoped in SymbolRequest request, bool isAuthenticated)
    {
        uint bound = !isAuthenticated ? ObjectLimits.ResponseSymbolsMaxUnauthenticated
            : request.MissingHint.Count == 0 ? ObjectLimits.ResponseSymbolsMaxWithoutHint
            : ObjectLimits.ResponseSymbolsMax;
        return Math.Min(request.MaxSymbols, bound);
    }
}
