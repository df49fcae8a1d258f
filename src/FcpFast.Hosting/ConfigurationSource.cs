using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FcpFast.Hosting;

/// <summary>Reads values of a configuration section and notes every fault, so that all of them can be told at once.</summary>
/// <remarks>
/// Shape:   keys that nobody asked for are faults too: a mistyped key must not be silently ignored. See <see cref="End"/>.
/// Errors:  in <paramref name="faults"/>, as the key's whole path, what is wrong, and the remedy; never a value that might be a secret.
/// </remarks>
/// <param name="section">The section, or a whole configuration.</param>
/// <param name="faults">Where faults go.</param>
/// <param name="asked">Where the path of every key goes that was asked for, each item of a list as <c>0</c>; null for nowhere.</param>
internal sealed class ConfigurationSource(IConfiguration section, List<string> faults, ICollection<string>? asked = null)
{
    /// <summary>Reads a value from text.</summary>
    public delegate bool TryRead<T>(string text, out T value);

    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A value; <paramref name="otherwise"/> if the key is not there or its value is faulty.</summary>
    public T Read<T>(string key, T otherwise, string expected, TryRead<T> tryRead)
    {
        Ask(key);
        IConfigurationSection one = section.GetSection(key);
        if (!one.Exists()) return otherwise;
        if (one.Value is { } text && tryRead(text, out T value)) return value;
        faults.Add($"{one.Path}: its value cannot be used; {expected} is expected");
        return otherwise;
    }

    /// <summary>A text.</summary>
    public string? Text(string key, string? otherwise) => Read(key, otherwise, "a text", static (string text, out string? value) => (value = text).Length > 0);

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool otherwise) => Read(key, otherwise, "true or false", static (string text, out bool value) => bool.TryParse(text, out value));

    /// <summary>A whole number.</summary>
    public T Number<T>(string key, T otherwise)
        where T : struct, System.Numerics.IBinaryInteger<T> =>
        Read(key, otherwise, "a whole number", static (string text, out T value) => T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    /// <summary>A number of seconds.</summary>
    public TimeSpan Seconds(string key, TimeSpan otherwise) => TimeSpan.FromSeconds(Number(key, (int)otherwise.TotalSeconds));

    /// <summary>A name of an enumeration.</summary>
    public T Name<T>(string key, T otherwise)
        where T : struct, Enum => Read(key, otherwise, $"one of {string.Join(", ", Enum.GetNames<T>())}", TryReadName);

    /// <summary>A list of values.</summary>
    public IReadOnlyList<T> List<T>(string key, IReadOnlyList<T> otherwise, string expected, TryRead<T> tryRead)
    {
        if (Items(key) is not { } items) return otherwise;
        var values = new List<T>();
        foreach (IConfigurationSection one in items)
        {
            if (one.Value is { } text && tryRead(text, out T value)) values.Add(value);
            else faults.Add($"{one.Path}: its value cannot be used; {expected} is expected");
        }

        return values;
    }

    /// <summary>What lies below a key; the reader ends it.</summary>
    public T Part<T>(string key, T otherwise, Func<ConfigurationSource, T, T> read)
    {
        Ask(key);
        IConfigurationSection part = section.GetSection(key);
        return part.Exists() ? ReadPart(part, otherwise, read) : otherwise;
    }

    /// <summary>A list of what has keys of its own; those that miss something are left out, as faults.</summary>
    public IReadOnlyList<T> Parts<T>(string key, IReadOnlyList<T> otherwise, Func<ConfigurationSource, T?, T?> read)
        where T : class
    {
        if (Items(key) is not { } items) return otherwise;
        var values = new List<T>();
        foreach (IConfigurationSection one in items)
        {
            if (ReadPart(one, null, read) is { } value) values.Add(value);
        }

        return values;
    }

    /// <summary>Notes keys that must be there and are not; a faulty value has been noted already.</summary>
    public void Require(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (!section.GetSection(key).Exists()) faults.Add($"{section.GetSection(key).Path} is missing; add it");
        }
    }

    /// <summary>Notes the keys that nobody asked for.</summary>
    public void End()
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_asked.Contains(child.Key)) faults.Add($"{child.Path}: there is no such setting; correct its name, or remove it");
        }
    }

    /// <summary>An enumeration's value by its name only: numbers would come to mean something else with the next version.</summary>
    public static bool TryReadName<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value);
    }

    private void Ask(string key)
    {
        _asked.Add(key);
        asked?.Add(section.GetSection(key).Path);
    }

    /// <summary>What a list holds; null if there is none.</summary>
    private IEnumerable<IConfigurationSection>? Items(string key)
    {
        Ask(key);
        IConfigurationSection list = section.GetSection(key);
        if (!list.Exists()) return null;
        if (!string.IsNullOrEmpty(list.Value)) faults.Add($"{list.Path}: a list is expected");
        return list.GetChildren();
    }

    private T ReadPart<T>(IConfigurationSection part, T otherwise, Func<ConfigurationSource, T, T> read)
    {
        var source = new ConfigurationSource(part, faults, asked);
        T value = read(source, otherwise);
        source.End();
        return value;
    }
}
