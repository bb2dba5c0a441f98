-- One database holds everything of the product.
CREATE DATABASE IF NOT EXISTS calltracker;
