// Activations as rows. Private to server/store.
#pragma once

#include "server/store/activation_log.h"
#include "server/store/database.h"

namespace osteon::server {

// Inside a transaction. False: see Database::failure.
bool WriteActivation(Database& database, const Activation& activation);
base::Result<std::vector<Activation>> ReadActivations(Database& reader, std::size_t limit);

}  // namespace osteon::server
