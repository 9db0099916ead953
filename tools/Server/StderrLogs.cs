using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace tools.Server;

/// <summary>
/// Logs lines to standard error: time, level, part, message. Standard output is for what scripts wait for. Unless more than
/// warnings is wanted, lines are held back until the server serves: a refused start says one sentence and no more.
/// </summary>
internal sealed class StderrLogs(LogLevel minimum) : ILoggerFactory
{
    private readonly Lock _gate = new();
    private List<string>? _held = minimum >= LogLevel.Warning ? [] : null;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..], minimum);

    /// <summary>Writes what was held back, and from now on everything at once.</summary>
    public void Release()
    {
        lock (_gate)
        {
            foreach (var line in _held ?? []) Console.Error.WriteLine(line);
            _held = null;
        }
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Logs go to standard error only.");

    public void Dispose()
    {
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_held is not null) _held.Add(line);
            else Console.Error.WriteLine(line);
        }
    }

    private sealed class LineLogger(StderrLogs owner, string part, LogLevel minimum) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var trace = exception is not null && minimum <= LogLevel.Debug ? Environment.NewLine + exception : string.Empty;
            owner.Write(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {Name(logLevel)} {part}: {formatter(state, exception)}{trace}"));
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
