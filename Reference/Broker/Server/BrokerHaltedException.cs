using System;

namespace Reference.Broker.Server;

/// <summary>The broker has stopped serving because it cannot go on: its last log directory has failed. The process should end.</summary>
public sealed class BrokerHaltedException(string message, Exception? inner = null) : Exception(message, inner);
