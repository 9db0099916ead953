using System;
using Microsoft.Extensions.Logging;

namespace Simulator.Engine;

/// <summary>Puts a machine's log into the world's trace.</summary>
internal sealed class SimLoggerFactory(SimWorld world, string node) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new SimLogger(world, node, ShortName(categoryName));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("The simulated world's log goes to its trace only.");

    public void Dispose()
    {
    }

    private static string ShortName(string category) => category[(category.LastIndexOf('.') + 1)..];

    private sealed class SimLogger(SimWorld world, string node, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => IsTraced(logLevel) || IsOnTimeline(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var error = exception is null ? string.Empty : $" [{exception.GetType().Name}: {exception.Message}]";
            var text = $"{logLevel} {category}: {formatter(state, exception)}{error}";
            if (IsTraced(logLevel)) world.Trace.Write(node, "log", text);
            if (IsOnTimeline(logLevel)) world.Timeline?.Log(node, text);
        }

        private bool IsTraced(LogLevel logLevel) => world.Trace.IsOn && logLevel >= world.Trace.MinimumLogLevel;

        private bool IsOnTimeline(LogLevel logLevel) => world.Timeline is not null && logLevel >= LogLevel.Information;
    }
}
