"""What happens to an inquiry: the talk (`dialogue`) and the law (`desk`)."""
