using System.Collections.Generic;
using Microsoft.Extensions.Options;

namespace FcpFast.Hosting;

/// <summary>Validates the options of one endpoint and lists every fault.</summary>
/// <param name="endpoint">The endpoint's name.</param>
internal sealed class FcpHostingValidation(string endpoint) : IValidateOptions<FcpHostingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FcpHostingOptions options)
    {
        if (name != endpoint) return ValidateOptionsResult.Skip;
        IReadOnlyList<string> faults = options.Faults();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
